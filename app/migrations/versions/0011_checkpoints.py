"""Checkpoints: who opens nothing for now, and who may lift that"""

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('checkpoints',
    sa.Column('uid', sa.String(length=10), nullable=False),
    sa.Column('user_uid', sa.String(length=10), nullable=False),
    sa.Column('public_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('began_at', app.extensions.Moment(), nullable=False),
    sa.Column('begun_by', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_checkpoints')),
    sa.UniqueConstraint('user_uid', name=op.f('uq_checkpoints_user_uid'))
    )
    op.create_table('checkpoint_keys',
    sa.Column('uid', sa.String(length=10), nullable=False),
    sa.Column('checkpoint_uid', sa.String(length=10), nullable=False),
    sa.Column('user_uid', sa.String(length=10), nullable=True),
    sa.Column('sealed_key', app.extensions.Sealed(), nullable=False),
    sa.Column('closed_by', sa.String(length=10), nullable=True),
    sa.ForeignKeyConstraint(['checkpoint_uid'], ['checkpoints.uid'], name=op.f('fk_checkpoint_keys_checkpoint_uid_checkpoints')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_checkpoint_keys'))
    )
    op.create_index('ix_checkpoint_keys_user_uid', 'checkpoint_keys', ['user_uid'], unique=False)
    op.create_index('uq_checkpoint_keys_user', 'checkpoint_keys', ['checkpoint_uid', 'user_uid'], unique=True)
    with op.batch_alter_table('grants', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closed_by', sa.String(length=10), nullable=True))


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM checkpoints")):
        raise RuntimeError("Somebody is closed: open their access again first, or it stays closed for ever.")
    with op.batch_alter_table('grants', schema=None) as batch_op:
        batch_op.drop_column('closed_by')

    op.drop_table('checkpoint_keys')
    op.drop_table('checkpoints')
