"""Upkeep: what the house does by itself, and whom backups are sealed to"""

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('chores',
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('began_at', app.extensions.Moment(), nullable=True),
    sa.Column('good_at', app.extensions.Moment(), nullable=True),
    sa.Column('failed_at', app.extensions.Moment(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_chores'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('backup_key', sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_column('backup_key')

    op.drop_table('chores')
