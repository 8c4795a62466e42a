"""Letting go: terms, what remains in numbers, and who came by a sign-up or a request alone"""

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

CAME_BY = "came_by IS NULL OR came_by IN ('sign-up', 'request')"


def upgrade() -> None:
    op.create_table('terms',
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_terms'))
    )
    op.create_table('totals',
    sa.Column('of_uid', sa.String(length=10), nullable=False),
    sa.Column('what', sa.String(length=10), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('of_uid', 'what', name=op.f('pk_totals'))
    )
    with op.batch_alter_table('groups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('let_go_at', app.extensions.Moment(), nullable=True))
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('came_by', sa.String(length=8), nullable=True))
        batch_op.create_check_constraint(op.f('ck_people_came_by_known'), CAME_BY)
    # Who was added at the very second of a sign-up or a request was added for it.
    op.execute("""UPDATE people SET came_by = 'sign-up' WHERE EXISTS (SELECT 1 FROM sign_ups s
        WHERE s.person_uid = people.uid AND s.signed_up_at = people.added_at)""")
    op.execute("""UPDATE people SET came_by = 'request' WHERE came_by IS NULL AND EXISTS (SELECT 1 FROM requests r
        WHERE r.person_uid = people.uid AND r.opened_at = people.added_at)""")


def downgrade() -> None:
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_people_came_by_known'), type_='check')
        batch_op.drop_column('came_by')
    with op.batch_alter_table('groups', schema=None) as batch_op:
        batch_op.drop_column('let_go_at')
    op.drop_table('totals')
    op.drop_table('terms')
