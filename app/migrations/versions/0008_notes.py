"""Notes of meetings and of appointments in one table, and what is said beside them in another"""

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

CURRENT = {'sqlite_where': sa.text('error_at IS NULL'), 'postgresql_where': sa.text('error_at IS NULL')}
UID, MOMENT, SEALED = sa.String(length=10), app.extensions.Moment(), app.extensions.Sealed()
LIFE = 'uid, author_uid, version, page, draft, text, saved_at, awaiting_at, signed_at, signed_off_by, error_at'


def life() -> list[sa.Column]:
    """From the first line of a draft to being struck out."""
    return [
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('page', sa.String(length=32), nullable=False),
    sa.Column('draft', SEALED, nullable=True),
    sa.Column('text', SEALED, nullable=True),
    sa.Column('saved_at', MOMENT, nullable=False),
    sa.Column('awaiting_at', MOMENT, nullable=True),
    sa.Column('signed_at', MOMENT, nullable=True),
    sa.Column('signed_off_by', UID, nullable=True),
    sa.Column('error_at', MOMENT, nullable=True),
    ]


def upgrade() -> None:
    op.create_table('notes',
    sa.Column('uid', UID, nullable=False),
    sa.Column('of_kind', sa.String(length=11), nullable=False),
    sa.Column('of_uid', UID, nullable=False),
    sa.Column('in_uid', UID, nullable=False),
    sa.Column('author_uid', UID, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    *life(),
    sa.CheckConstraint("of_kind || ' ' || kind IN ('meeting note', 'meeting reflection', 'appointment note')", name=op.f('ck_notes_kind_known')),
    sa.ForeignKeyConstraint(['author_uid'], ['users.uid'], name=op.f('fk_notes_author_uid_users')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_notes'))
    )
    op.create_table('note_remarks',
    sa.Column('uid', UID, nullable=False),
    sa.Column('note_uid', UID, nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('author_uid', UID, nullable=False),
    sa.Column('written_at', MOMENT, nullable=False),
    sa.Column('text', SEALED, nullable=False),
    sa.Column('text_for_author', SEALED, nullable=True),
    sa.CheckConstraint("kind IN ('addition', 'comment')", name=op.f('ck_note_remarks_kind_known')),
    sa.ForeignKeyConstraint(['author_uid'], ['users.uid'], name=op.f('fk_note_remarks_author_uid_users')),
    sa.ForeignKeyConstraint(['note_uid'], ['notes.uid'], name=op.f('fk_note_remarks_note_uid_notes')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_note_remarks'))
    )
    op.execute(f"""INSERT INTO notes (of_kind, of_uid, in_uid, kind, {LIFE})
        SELECT 'meeting', session_uid, m.group_uid, kind, {_of('n')}
        FROM session_notes n JOIN group_sessions m ON m.uid = n.session_uid""")
    op.execute(f"""INSERT INTO notes (of_kind, of_uid, in_uid, kind, {LIFE})
        SELECT 'appointment', appointment_uid, c.referral_uid, 'note', {_of('n')}
        FROM case_notes n JOIN cases c ON c.uid = n.case_uid""")
    op.execute("""INSERT INTO note_remarks (uid, note_uid, kind, author_uid, written_at, text)
        SELECT uid, note_uid, 'addition', author_uid, added_at, text FROM note_additions""")
    op.execute("""INSERT INTO note_remarks (uid, note_uid, kind, author_uid, written_at, text, text_for_author)
        SELECT uid, note_uid, 'comment', reviewer_uid, returned_at, text, text_for_author FROM review_comments""")
    op.execute("""INSERT INTO note_remarks (uid, note_uid, kind, author_uid, written_at, text)
        SELECT uid, note_uid, kind, author_uid, written_at, text FROM case_note_remarks""")
    for table in ('note_additions', 'review_comments', 'case_note_remarks', 'session_notes', 'case_notes'):
        op.drop_table(table)
    op.create_index('ix_notes_of_uid', 'notes', ['of_uid'], unique=False)
    op.create_index('ix_notes_in_uid', 'notes', ['in_uid'], unique=False)
    op.create_index('ix_notes_author_uid', 'notes', ['author_uid'], unique=False)
    op.create_index('uq_notes_current', 'notes', ['of_uid', 'author_uid', 'kind'], unique=True, **CURRENT)
    op.create_index('ix_note_remarks_note_uid', 'note_remarks', ['note_uid'], unique=False)


def downgrade() -> None:
    op.create_table('session_notes',
    sa.Column('uid', UID, nullable=False),
    sa.Column('session_uid', UID, nullable=False),
    sa.Column('author_uid', UID, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    *life(),
    sa.CheckConstraint("kind IN ('note', 'reflection')", name=op.f('ck_session_notes_kind_known')),
    sa.ForeignKeyConstraint(['author_uid'], ['users.uid'], name=op.f('fk_session_notes_author_uid_users')),
    sa.ForeignKeyConstraint(['session_uid'], ['group_sessions.uid'], name=op.f('fk_session_notes_session_uid_group_sessions')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_session_notes'))
    )
    op.create_table('case_notes',
    sa.Column('uid', UID, nullable=False),
    sa.Column('case_uid', UID, nullable=False),
    sa.Column('appointment_uid', UID, nullable=False),
    sa.Column('author_uid', UID, nullable=False),
    *life(),
    sa.ForeignKeyConstraint(['appointment_uid'], ['appointments.uid'], name=op.f('fk_case_notes_appointment_uid_appointments')),
    sa.ForeignKeyConstraint(['author_uid'], ['users.uid'], name=op.f('fk_case_notes_author_uid_users')),
    sa.ForeignKeyConstraint(['case_uid'], ['cases.uid'], name=op.f('fk_case_notes_case_uid_cases')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_case_notes'))
    )
    op.create_table('note_additions',
    sa.Column('uid', UID, nullable=False),
    sa.Column('note_uid', UID, nullable=False),
    sa.Column('author_uid', UID, nullable=False),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.Column('text', SEALED, nullable=False),
    sa.ForeignKeyConstraint(['author_uid'], ['users.uid'], name=op.f('fk_note_additions_author_uid_users')),
    sa.ForeignKeyConstraint(['note_uid'], ['session_notes.uid'], name=op.f('fk_note_additions_note_uid_session_notes')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_note_additions'))
    )
    op.create_table('review_comments',
    sa.Column('uid', UID, nullable=False),
    sa.Column('note_uid', UID, nullable=False),
    sa.Column('reviewer_uid', UID, nullable=False),
    sa.Column('returned_at', MOMENT, nullable=False),
    sa.Column('text', SEALED, nullable=False),
    sa.Column('text_for_author', SEALED, nullable=False),
    sa.ForeignKeyConstraint(['note_uid'], ['session_notes.uid'], name=op.f('fk_review_comments_note_uid_session_notes')),
    sa.ForeignKeyConstraint(['reviewer_uid'], ['users.uid'], name=op.f('fk_review_comments_reviewer_uid_users')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_review_comments'))
    )
    op.create_table('case_note_remarks',
    sa.Column('uid', UID, nullable=False),
    sa.Column('note_uid', UID, nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('author_uid', UID, nullable=False),
    sa.Column('written_at', MOMENT, nullable=False),
    sa.Column('text', SEALED, nullable=False),
    sa.CheckConstraint("kind IN ('addition', 'comment')", name=op.f('ck_case_note_remarks_kind_known')),
    sa.ForeignKeyConstraint(['author_uid'], ['users.uid'], name=op.f('fk_case_note_remarks_author_uid_users')),
    sa.ForeignKeyConstraint(['note_uid'], ['case_notes.uid'], name=op.f('fk_case_note_remarks_note_uid_case_notes')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_case_note_remarks'))
    )
    op.execute(f"""INSERT INTO session_notes (session_uid, kind, {LIFE})
        SELECT of_uid, kind, {LIFE} FROM notes WHERE of_kind = 'meeting'""")
    op.execute(f"""INSERT INTO case_notes (case_uid, appointment_uid, {LIFE})
        SELECT c.uid, of_uid, {_of('n')}
        FROM notes n JOIN cases c ON c.referral_uid = n.in_uid WHERE of_kind = 'appointment'""")
    of = 'FROM note_remarks r JOIN notes n ON n.uid = r.note_uid WHERE of_kind ='
    op.execute(f"""INSERT INTO note_additions (uid, note_uid, author_uid, added_at, text)
        SELECT r.uid, note_uid, r.author_uid, written_at, r.text {of} 'meeting' AND r.kind = 'addition'""")
    op.execute(f"""INSERT INTO review_comments (uid, note_uid, reviewer_uid, returned_at, text, text_for_author)
        SELECT r.uid, note_uid, r.author_uid, written_at, r.text, text_for_author {of} 'meeting' AND r.kind = 'comment'""")
    op.execute(f"""INSERT INTO case_note_remarks (uid, note_uid, kind, author_uid, written_at, text)
        SELECT r.uid, note_uid, r.kind, r.author_uid, written_at, r.text {of} 'appointment'""")
    op.drop_table('note_remarks')
    op.drop_table('notes')
    for table in ('session_notes', 'case_notes'):
        of_uid = 'session_uid' if table == 'session_notes' else 'appointment_uid'
        current = [of_uid, 'author_uid', *(['kind'] if table == 'session_notes' else [])]
        op.create_index(f'uq_{table}_current', table, current, unique=True, **CURRENT)
    op.create_index('ix_session_notes_author_uid', 'session_notes', ['author_uid'], unique=False)
    op.create_index('ix_session_notes_session_uid', 'session_notes', ['session_uid'], unique=False)
    op.create_index('ix_case_notes_case_uid', 'case_notes', ['case_uid'], unique=False)
    for table in ('note_additions', 'review_comments', 'case_note_remarks'):
        op.create_index(f'ix_{table}_note_uid', table, ['note_uid'], unique=False)


def _of(table: str) -> str:
    return ', '.join(f'{table}.{column}' for column in LIFE.split(', '))
