"""The template filters: dates and words as the pages by hand write them."""

from __future__ import annotations

from datetime import time

from django.template import Library

from bench import plain_dates, plain_words

register = Library()
for _filter in (
    plain_dates.weekday,
    plain_dates.day,
    plain_dates.full_day,
    plain_dates.short_day,
    plain_dates.month,
    plain_dates.moment,
    plain_dates.local,
    plain_words.word,
    plain_words.counted,
    plain_words.paragraphs,
):
    register.filter(_filter.__name__, _filter)


@register.filter
def hour(at: time) -> str:
    """18:30."""
    return f"{at:%H:%M}"
