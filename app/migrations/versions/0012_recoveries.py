"""Recoveries: a new key pair by colleagues, and the two days in which any may refuse"""

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recoveries',
    sa.Column('uid', sa.String(length=10), nullable=False),
    sa.Column('user_uid', sa.String(length=10), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('begun_by', sa.String(length=10), nullable=False),
    sa.Column('begun_at', app.extensions.Moment(), nullable=False),
    sa.Column('asked_at', app.extensions.Moment(), nullable=True),
    sa.Column('ended_at', app.extensions.Moment(), nullable=True),
    sa.Column('refused_by', sa.String(length=10), nullable=True),
    sa.Column('public_key', sa.LargeBinary(length=32), nullable=True),
    sa.Column('private_key', app.extensions.Sealed(), nullable=True),
    sa.Column('salt', sa.LargeBinary(length=16), nullable=True),
    sa.Column('memory', sa.Integer(), nullable=True),
    sa.Column('iterations', sa.Integer(), nullable=True),
    sa.Column('lanes', sa.Integer(), nullable=True),
    sa.Column('private_key_for_recovery', app.extensions.Sealed(), nullable=True),
    sa.Column('code', app.extensions.Sealed(), nullable=True),
    sa.ForeignKeyConstraint(['begun_by'], ['users.uid'], name=op.f('fk_recoveries_begun_by_users')),
    sa.ForeignKeyConstraint(['user_uid'], ['users.uid'], name=op.f('fk_recoveries_user_uid_users')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_recoveries')),
    sa.UniqueConstraint('digest', name=op.f('uq_recoveries_digest'))
    )
    op.create_index('uq_recoveries_open', 'recoveries', ['user_uid'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))


def downgrade() -> None:
    op.drop_table('recoveries')
