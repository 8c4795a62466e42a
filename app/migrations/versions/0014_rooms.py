"""Rooms of a place, and in which one a group and a workshop meet"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

ROOMS = (('sites', 'rooms', 400), ('groups', 'room', 40), ('workshops', 'room', 40))


def upgrade() -> None:
    for table, column, length in ROOMS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.String(length=length), server_default='', nullable=False))


def downgrade() -> None:
    for table, column, _length in ROOMS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
