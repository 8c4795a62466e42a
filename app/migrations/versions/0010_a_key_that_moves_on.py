"""A key that moves on: two chains in the trail, the hash of each row, where they begin"""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

# What was a view of something rather than an act.
OPENINGS = {
    'person-opened', 'roster-opened', 'group-opened', 'session-opened', 'note-opened', 'note-read',
    'people-searched', 'today-opened', 'follow-up-opened', 'attendance-opened', 'list-opened',
    'requests-opened', 'request-read', 'referrals-opened', 'referral-opened', 'files-opened',
    'file-opened', 'appointment-opened', 'case-note-opened', 'case-note-read',
}
FIELDS = ('actor_uid', 'action', 'kind', 'subject_uid', 'vault_uid', 'person_uid', 'result')
START = bytes(32)
AT_A_TIME = 10_000


def upgrade() -> None:
    op.create_table('audit_marks',
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('chain', sa.String(length=8), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'chain', 'seq', name=op.f('pk_audit_marks'))
    )
    op.add_column('audit', sa.Column('is_opening', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('audit', sa.Column('hash', sa.LargeBinary(length=32), server_default='', nullable=False))
    for name in ('acts', 'openings'):
        op.add_column('audit_head', sa.Column(f'{name}_rows', sa.Integer(), server_default='0', nullable=False))
        op.add_column('audit_head', sa.Column(f'{name}_hash', sa.LargeBinary(length=32), server_default='', nullable=False))
    op.add_column('audit_head', sa.Column('keys', app.extensions.Sealed(), server_default='', nullable=False))
    _tie()
    op.create_index('ix_audit_subject_uid_seq', 'audit', ['subject_uid', 'seq'])
    op.create_index('ix_audit_vault_uid_seq', 'audit', ['vault_uid', 'seq'])


def _tie() -> None:
    """Give each row its chain and its hash, and the head where both end; it keeps the MAC it had."""
    connection = op.get_bind()
    audit = sa.table('audit', sa.column('seq', sa.Integer), sa.column('at', app.extensions.Moment()),
                     *(sa.column(name, sa.String) for name in FIELDS),
                     sa.column('is_opening', sa.Boolean), sa.column('hash', sa.LargeBinary))
    columns = (audit.c.seq, audit.c.at, *(audit.c[name] for name in FIELDS))
    after = sa.select(*columns).where(audit.c.seq > sa.bindparam('after')).order_by(audit.c.seq).limit(AT_A_TIME)
    change = sa.update(audit).where(audit.c.seq == sa.bindparam('of')).values(
        is_opening=sa.bindparam('opens'), hash=sa.bindparam('new'))
    hashes, numbers, seq = {False: START, True: START}, {False: 0, True: 0}, 0
    while rows := connection.execute(after, {'after': seq}).all():
        changes = []
        for seq, at, *rest in rows:
            opens = rest[1] in OPENINGS
            said = '\x1f'.join(('openings' if opens else 'acts', str(seq), at.isoformat()[:19], *rest))
            hashes[opens] = sha256(hashes[opens] + said.encode()).digest()
            numbers[opens] += 1
            changes.append({'of': seq, 'opens': opens, 'new': hashes[opens]})
        connection.execute(change, changes)
    head = sa.table('audit_head', *(sa.column(name) for name in (
        'seq', 'mac', 'acts_rows', 'acts_hash', 'openings_rows', 'openings_hash', 'keys')))
    marks = sa.table('audit_marks', *(sa.column(name) for name in ('kind', 'chain', 'seq', 'rows', 'hash')))
    found = connection.execute(sa.select(head.c.seq, head.c.mac)).one_or_none()
    if found is None:
        return
    old = {'kind': 'old', 'chain': 'acts', 'seq': found.seq, 'rows': numbers[False], 'hash': found.mac}
    connection.execute(sa.insert(marks), [old])
    connection.execute(sa.update(head).values(
        mac=sha256(hashes[False] + hashes[True]).digest(), acts_rows=numbers[False], acts_hash=hashes[False],
        openings_rows=numbers[True], openings_hash=hashes[True], keys=b''))


def downgrade() -> None:
    op.drop_index('ix_audit_vault_uid_seq', table_name='audit')
    op.drop_index('ix_audit_subject_uid_seq', table_name='audit')
    # The program of before knows one chain and one key: it checks what was written in its own time alone.
    op.execute('UPDATE audit_head SET mac = (SELECT mac FROM audit WHERE audit.seq = audit_head.seq) '
               'WHERE EXISTS (SELECT 1 FROM audit WHERE audit.seq = audit_head.seq)')
    with op.batch_alter_table('audit_head', schema=None) as batch_op:
        for name in ('keys', 'openings_hash', 'openings_rows', 'acts_hash', 'acts_rows'):
            batch_op.drop_column(name)
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_column('hash')
        batch_op.drop_column('is_opening')
    op.drop_table('audit_marks')
