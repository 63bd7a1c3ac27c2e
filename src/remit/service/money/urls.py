"""The addresses of payment runs, recoveries and the books."""

from __future__ import annotations

from django.urls import URLPattern, path

from remit.service.money.views import accruals, adjustments, books, recoveries, runs

_RUN = "payments/<str:organisation>/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("payments/", runs.index, name="runs"),
    path("payments/<str:organisation>/", runs.of_commissioner, name="runs-of"),
    path("payments/<str:organisation>/new/", runs.prepare, name="run-new"),
    path(_RUN, runs.one, name="run"),
    path(f"{_RUN}release/", runs.release, name="run-release"),
    path(f"{_RUN}cancel/", runs.cancel, name="run-cancel"),
    path(f"{_RUN}again/", runs.again, name="run-again"),
    path(f"{_RUN}file", runs.file, name="run-file"),
    path(f"{_RUN}run.<str:ending>", runs.saved, name="run-saved"),
    path(f"{_RUN}lines/<int:line>/", runs.line, name="run-line"),
    path("recoveries/plan/<int:plan>/", recoveries.plan, name="recovery-plan"),
    path("recoveries/plan/<int:plan>/agree/", recoveries.agree, name="recovery-agree"),
    path("recoveries/plan/<int:plan>/refuse/", recoveries.refuse, name="recovery-refuse"),
    path("recoveries/<str:organisation>/", recoveries.of_commissioner, name="recoveries-of"),
    path("recoveries/<str:organisation>/<str:practice>/<int:year>/", recoveries.propose, name="recovery-new"),
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
