"""The spreadsheets of the demo: one that the desk brought in, and one that awaits its confirmation."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

from app.clock import now
from app.demo.diary import Notebook
from app.extensions import db
from app.importing import bringing_in, plans, queries
from app.importing.headings import PEOPLE

HEAD = ("الاسم", "رقم الهاتف", "وسيلة التواصل", "العمر", "موافقة على التواصل", "ملاحظات")
OLD = (
    ("دفتر اللقاءات القديم", "", "", "", "", ""),
    HEAD,
    ("سلاف", "0500 000 071", "واتساب", "27", "نعم", "تفضيل الرسائل القصيرة"),
    ("يزن", "0500 000 072", "اتصال", "33", "نعم", ""),
    ("Rima", "0500 000 073", "signal", "22", "لا", "السؤال من جديد في الربيع"),
    ("المجموع", "3", "", "", "", ""),
)
# Of each kind of row one: new, there already, only the same name, the same row again, and wrong ones.
NEW = (
    HEAD,
    ("سند", "0500 000 074", "واتساب", "٢٩", "نعم", ""),
    ("غسق", "", "بريد إلكتروني", "41", "3/11/2025", "تعرّفت إلينا في ورشة الطباعة"),
    ("سلاف", "0500 000 071", "واتساب", "27", "نعم", ""),
    ("يزن", "", "", "", "", ""),
    ("سند", "0500 000 074", "", "", "", ""),
    ("", "0500 000 075", "", "", "", "بلا اسم في الدفتر"),
    ("مروج", "", "حمام زاجل", "كبيرة", "ربّما", ""),
)


def tell(notebook: Notebook) -> None:
    """Plan it: one of four days ago, confirmed, and one of an hour ago, not yet."""
    notebook.diary.at(now() - timedelta(days=4), _bring, notebook, OLD, True)
    notebook.diary.at(now() - timedelta(hours=1), _bring, notebook, NEW, False)


def _bring(notebook: Notebook, rows: Sequence[Sequence[str]], confirmed: bool) -> None:
    desk, at, text = notebook.desk(), now(), io.StringIO()
    csv.writer(text).writerows(rows)
    place = notebook.sites["Jerusalem"].uid
    one = bringing_in.begin(desk, PEOPLE, place, text.getvalue().encode("utf-8-sig"), at=at)
    if confirmed:
        db.session.flush()
        into = queries.into_or_404(desk, PEOPLE, place, at=at)
        shown = queries.planned(desk, one, into, queries.chosen(desk, one))
        bringing_in.confirm(desk, one.uid, seen=plans.digest(shown), at=at)
