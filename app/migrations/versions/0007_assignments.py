"""Who has which part in what: one table for places, groups, workshops and cases"""

import sqlalchemy as sa
from alembic import op

import app.extensions
from app.extensions import new_uid


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

OPEN = {'sqlite_where': sa.text('ended_at IS NULL'), 'postgresql_where': sa.text('ended_at IS NULL')}
OPEN_IN_CASE = "of_kind = 'case' AND ended_at IS NULL"
UID, MOMENT = sa.String(length=10), app.extensions.Moment()


def upgrade() -> None:
    assignments = op.create_table('assignments',
    sa.Column('uid', UID, nullable=False),
    sa.Column('of_kind', sa.String(length=8), nullable=False),
    sa.Column('of_uid', UID, nullable=False),
    sa.Column('user_uid', UID, nullable=False),
    sa.Column('part', sa.String(length=12), nullable=False),
    sa.Column('began_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.CheckConstraint("of_kind || ' ' || part IN ('place coordinator', 'group facilitator', 'group supervisor', 'workshop facilitator', 'case counsellor', 'case supervisor')", name=op.f('ck_assignments_part_known')),
    sa.ForeignKeyConstraint(['user_uid'], ['users.uid'], name=op.f('fk_assignments_user_uid_users')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_assignments'))
    )
    op.create_index('ix_assignments_user_uid', 'assignments', ['user_uid'])
    op.create_index('uq_assignments_open', 'assignments', ['of_uid', 'user_uid', 'part'], unique=True, **OPEN)
    op.create_index('uq_assignments_open_in_case', 'assignments', ['of_uid', 'part'], unique=True, sqlite_where=sa.text(OPEN_IN_CASE), postgresql_where=sa.text(OPEN_IN_CASE))
    for kind, of_uid, part, table in (
        ('place', 'site_uid', "'coordinator'", 'coordinations'),
        ('group', 'group_uid', 'part', 'facilitations'),
        ('workshop', 'workshop_uid', "'facilitator'", 'workshop_facilitations'),
    ):
        op.execute(
            f"INSERT INTO assignments SELECT uid, '{kind}', {of_uid}, user_uid, {part}, began_at, ended_at FROM {table}"
        )
        op.drop_table(table)
    _move_cases(assignments)
    with op.batch_alter_table('cases') as batch_op:
        for column in ('counsellor_uid', 'supervisor_uid'):
            batch_op.drop_index(f'ix_cases_{column}')
            batch_op.drop_constraint(f'fk_cases_{column}_users', type_='foreignkey')
            batch_op.drop_column(column)

    with op.batch_alter_table('vaults') as batch_op:
        batch_op.add_column(sa.Column('site_uid', UID, nullable=True))
        batch_op.create_index('ix_vaults_of_uid', ['of_uid'])
        batch_op.create_index('ix_vaults_site_uid', ['site_uid'])
    for table in ('groups', 'workshops'):
        op.execute(
            f"UPDATE vaults SET site_uid = (SELECT site_uid FROM {table} WHERE uid = of_uid)"
            f" WHERE kind = 'roster' AND of_uid IN (SELECT uid FROM {table})"
        )


def _move_cases(assignments) -> None:
    """A counsellor's part began when they were sent the person; it ended with the file, or with their no.

    A supervisor's is taken to have begun with the file: since when they read it was not written down.
    """
    rows = op.get_bind().execute(
        sa.text(
            'SELECT r.uid, r.receiver_uid, r.sent_at, r.declined_at, r.revoked_at,'
            ' c.uid AS case_uid, c.supervisor_uid, c.opened_at, c.closed_at'
            ' FROM referrals r LEFT JOIN cases c ON c.referral_uid = r.uid'
            ' WHERE r.receiver_uid IS NOT NULL AND r.sent_at IS NOT NULL'
        ).columns(sent_at=MOMENT, declined_at=MOMENT, revoked_at=MOMENT, opened_at=MOMENT, closed_at=MOMENT)
    ).all()
    for row in rows:
        gone = row.declined_at or row.revoked_at
        parts = [('counsellor', row.receiver_uid, row.sent_at, row.closed_at or gone)]
        if row.supervisor_uid:
            parts.append(('supervisor', row.supervisor_uid, row.opened_at, gone))
        op.bulk_insert(
            assignments,
            [
                {'uid': new_uid(), 'of_kind': 'case', 'of_uid': row.uid, 'user_uid': user_uid, 'part': part, 'began_at': began_at, 'ended_at': ended_at}
                for part, user_uid, began_at, ended_at in parts
            ],
        )


def downgrade() -> None:
    """Supervisions of files that had ended are lost: there was no place for them."""
    with op.batch_alter_table('vaults') as batch_op:
        batch_op.drop_index('ix_vaults_site_uid')
        batch_op.drop_index('ix_vaults_of_uid')
        batch_op.drop_column('site_uid')
    with op.batch_alter_table('cases') as batch_op:
        for column in ('counsellor_uid', 'supervisor_uid'):
            batch_op.add_column(sa.Column(column, UID, nullable=True))
    op.execute('UPDATE cases SET counsellor_uid = (SELECT receiver_uid FROM referrals WHERE referrals.uid = cases.referral_uid)')
    op.execute(
        "UPDATE cases SET supervisor_uid = (SELECT user_uid FROM assignments WHERE of_uid = cases.referral_uid"
        " AND part = 'supervisor' AND ended_at IS NULL)"
    )
    with op.batch_alter_table('cases') as batch_op:
        batch_op.alter_column('counsellor_uid', existing_type=UID, nullable=False)
        for column in ('counsellor_uid', 'supervisor_uid'):
            batch_op.create_foreign_key(f'fk_cases_{column}_users', 'users', [column], ['uid'])
            batch_op.create_index(f'ix_cases_{column}', [column])

    dates = (sa.Column('began_at', MOMENT, nullable=False), sa.Column('ended_at', MOMENT, nullable=True))
    op.create_table('coordinations',
    sa.Column('uid', UID, nullable=False),
    sa.Column('user_uid', UID, nullable=False),
    sa.Column('site_uid', UID, nullable=False),
    *(column._copy() for column in dates),
    sa.ForeignKeyConstraint(['site_uid'], ['sites.uid'], name=op.f('fk_coordinations_site_uid_sites')),
    sa.ForeignKeyConstraint(['user_uid'], ['users.uid'], name=op.f('fk_coordinations_user_uid_users')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_coordinations'))
    )
    op.create_index('uq_coordinations_open', 'coordinations', ['user_uid', 'site_uid'], unique=True, **OPEN)
    op.create_table('facilitations',
    sa.Column('uid', UID, nullable=False),
    sa.Column('group_uid', UID, nullable=False),
    sa.Column('user_uid', UID, nullable=False),
    sa.Column('part', sa.String(length=12), nullable=False),
    *(column._copy() for column in dates),
    sa.CheckConstraint("part IN ('facilitator', 'supervisor')", name=op.f('ck_facilitations_part_known')),
    sa.ForeignKeyConstraint(['group_uid'], ['groups.uid'], name=op.f('fk_facilitations_group_uid_groups')),
    sa.ForeignKeyConstraint(['user_uid'], ['users.uid'], name=op.f('fk_facilitations_user_uid_users')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_facilitations'))
    )
    op.create_index('ix_facilitations_user_uid', 'facilitations', ['user_uid'])
    op.create_index('uq_facilitations_open', 'facilitations', ['group_uid', 'user_uid', 'part'], unique=True, **OPEN)
    op.create_table('workshop_facilitations',
    sa.Column('uid', UID, nullable=False),
    sa.Column('workshop_uid', UID, nullable=False),
    sa.Column('user_uid', UID, nullable=False),
    *(column._copy() for column in dates),
    sa.ForeignKeyConstraint(['user_uid'], ['users.uid'], name=op.f('fk_workshop_facilitations_user_uid_users')),
    sa.ForeignKeyConstraint(['workshop_uid'], ['workshops.uid'], name=op.f('fk_workshop_facilitations_workshop_uid_workshops')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_workshop_facilitations'))
    )
    op.create_index('ix_workshop_facilitations_user_uid', 'workshop_facilitations', ['user_uid'])
    op.create_index('uq_workshop_facilitations_open', 'workshop_facilitations', ['workshop_uid', 'user_uid'], unique=True, **OPEN)
    op.execute("INSERT INTO coordinations SELECT uid, user_uid, of_uid, began_at, ended_at FROM assignments WHERE of_kind = 'place'")
    op.execute("INSERT INTO facilitations SELECT uid, of_uid, user_uid, part, began_at, ended_at FROM assignments WHERE of_kind = 'group'")
    op.execute("INSERT INTO workshop_facilitations SELECT uid, of_uid, user_uid, began_at, ended_at FROM assignments WHERE of_kind = 'workshop'")
    op.drop_table('assignments')
