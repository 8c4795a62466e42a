"""Importing: files on their way in, and what each made"""

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('imports',
    sa.Column('uid', sa.String(length=10), nullable=False),
    sa.Column('user_uid', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('of_uid', sa.String(length=10), nullable=False),
    sa.Column('begun_at', app.extensions.Moment(), nullable=False),
    sa.Column('done_at', app.extensions.Moment(), nullable=True),
    sa.Column('file', app.extensions.Sealed(), nullable=True),
    sa.Column('chosen', app.extensions.Sealed(), nullable=True),
    sa.Column('rows_in', sa.Integer(), nullable=False),
    sa.Column('rows_out', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('people', 'roster', 'marks', 'list')", name=op.f('ck_imports_kind_known')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_imports'))
    )
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imports_begun_at'), ['begun_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_imports_user_uid'), ['user_uid'], unique=False)
    op.create_table('imported',
    sa.Column('import_uid', sa.String(length=10), nullable=False),
    sa.Column('of', sa.String(length=16), nullable=False),
    sa.Column('uid', sa.String(length=10), nullable=False),
    sa.Column('also', sa.String(length=10), nullable=False),
    sa.Column('stood', sa.String(length=32), nullable=False),
    sa.Column('was', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['import_uid'], ['imports.uid'], name=op.f('fk_imported_import_uid_imports')),
    sa.PrimaryKeyConstraint('import_uid', 'of', 'uid', 'also', name=op.f('pk_imported'))
    )


def downgrade() -> None:
    op.drop_table('imported')
    op.drop_table('imports')
