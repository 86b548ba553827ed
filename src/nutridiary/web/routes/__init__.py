"""Addresses: each shows what a step found, as a page for people and as JSON for programs, or takes what was said.

A page takes forms and answers them with the page to see next, so that back, forward and reload do what is expected.
"""

from __future__ import annotations

from nutridiary.web.routes import downloads, foods, people, programs, reading, results, review, sign_in, start

ROUTERS = (
    start.pages,
    start.api,
    sign_in.pages,
    reading.pages,
    reading.api,
    people.pages,
    people.api,
    review.pages,
    review.api,
    foods.api,
    results.pages,
    results.api,
    downloads.pages,
    downloads.api,
    programs.pages,
)
"""All of them; those of pages are not part of what is published of the JSON."""
