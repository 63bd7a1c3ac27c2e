"""The addresses of payment runs, recoveries and the books."""

from __future__ import annotations

from django.urls import URLPattern, path

from remit.service.money.views import accruals, adjustments, books

urlpatterns: list[URLPattern] = [
    path("books/", books.index, name="books"),
    path("books/<str:organisation>/", books.books, name="books-of"),
    path("books/<str:organisation>/close/", books.close_month, name="books-close-month"),
    path("books/<str:organisation>/years/<str:scheme>/close/", books.close_year, name="books-close-year"),
    path("books/<str:organisation>/journal/", books.see_journal, name="books-journal"),
    path("books/<str:organisation>/journal/file/", books.journal_file, name="books-journal-file"),
    path("books/<str:organisation>/accrual/", accruals.accrual, name="books-accrual"),
    path("books/<str:organisation>/accrual/<str:ending>/", accruals.accrual_file, name="books-accrual-file"),
    path("books/<str:organisation>/adjustments/", adjustments.listing, name="books-adjustments"),
    path("books/<str:organisation>/adjustments/new/", adjustments.propose, name="books-propose"),
    path("books/<str:organisation>/adjustments/<int:number>/", adjustments.one, name="books-adjustment"),
]
