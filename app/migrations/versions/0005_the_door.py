"""The door: turns, short codes, how a passphrase is read"""

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('turn_keys',
    sa.Column('since', app.extensions.Moment(), nullable=False),
    sa.Column('key', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('since', name=op.f('pk_turn_keys'))
    )
    # Counters begin anew, and so do devices, whose digests said who shares one.
    op.execute('DELETE FROM tries')
    op.execute('DELETE FROM devices')
    with op.batch_alter_table('tries', recreate='always') as batch_op:
        batch_op.add_column(sa.Column('until', app.extensions.Moment(), nullable=False))

    # What was sealed until now was read by its spaces.
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reading', sa.Integer(), nullable=False, server_default='0'))

    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.add_column(sa.Column('short_code', app.extensions.Sealed(), nullable=True))
        batch_op.add_column(sa.Column('short_key', app.extensions.Sealed(), nullable=True))
        batch_op.add_column(sa.Column('short_tries', sa.Integer(), nullable=False, server_default='0'))

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('short_codes', sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_column('short_codes')

    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.drop_column('short_tries')
        batch_op.drop_column('short_key')
        batch_op.drop_column('short_code')

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_column('reading')

    with op.batch_alter_table('tries', schema=None) as batch_op:
        batch_op.drop_column('until')

    op.drop_table('turn_keys')
