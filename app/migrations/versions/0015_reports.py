"""Reports as they were published"""

import sqlalchemy as sa
from alembic import op

import app.extensions


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reports',
    sa.Column('uid', sa.String(length=10), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('quarter', sa.Integer(), nullable=False),
    sa.Column('threshold', sa.Integer(), nullable=False),
    sa.Column('published_at', app.extensions.Moment(), nullable=False),
    sa.Column('published_by', sa.String(length=10), nullable=False),
    sa.CheckConstraint('quarter BETWEEN 0 AND 4', name=op.f('ck_reports_quarter_known')),
    sa.ForeignKeyConstraint(['published_by'], ['users.uid'], name=op.f('fk_reports_published_by_users')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_reports'))
    )
    op.create_index('uq_reports_period', 'reports', ['year', 'quarter'], unique=True)
    op.create_table('report_cells',
    sa.Column('report_uid', sa.String(length=10), nullable=False),
    sa.Column('part', sa.String(length=5), nullable=False),
    sa.Column('row', sa.String(length=20), nullable=False),
    sa.Column('column', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=40), nullable=False),
    sa.Column('told', sa.String(length=6), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.CheckConstraint("part IN ('total', 'kind', 'place', 'done')", name=op.f('ck_report_cells_part_known')),
    sa.CheckConstraint("told IN ('shown', 'few', 'hidden')", name=op.f('ck_report_cells_told_known')),
    sa.CheckConstraint("(told = 'shown') = (number IS NOT NULL)", name=op.f('ck_report_cells_number_if_shown')),
    sa.ForeignKeyConstraint(['report_uid'], ['reports.uid'], name=op.f('fk_report_cells_report_uid_reports')),
    sa.PrimaryKeyConstraint('report_uid', 'part', 'row', 'column', name=op.f('pk_report_cells'))
    )


def downgrade() -> None:
    op.drop_table('report_cells')
    op.drop_index('uq_reports_period', table_name='reports')
    op.drop_table('reports')
