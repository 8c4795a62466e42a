"""Who wrote down whether somebody came to a workshop"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sign_ups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('marked_by', sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('sign_ups', schema=None) as batch_op:
        batch_op.drop_column('marked_by')
