"""The addresses of the pages of the year, and of the way from a payment to what it rests on."""

from __future__ import annotations

from django.urls import path

from remit.service.year import views, views_money

urlpatterns = [
    path("year/", views.begin, name="year"),
    path("year/practice/<str:practice>/", views.practice, name="year-practice"),
    path("year/practice/<str:practice>/payments.<str:ending>", views.practice_file, name="year-payments-file"),
    path("year/area/<str:organisation>/", views.area_page, name="year-area"),
    path("year/area/<str:organisation>/practices.<str:ending>", views.area_file, name="year-area-file"),
    path("year/finance/<str:organisation>/", views_money.finance, name="year-finance"),
    path("year/payments/<str:organisation>/", views_money.payment_list, name="year-payments"),
    path("year/payments/<str:organisation>/found.<str:ending>", views_money.payment_file, name="year-payments-found"),
    path("year/payment/<int:payment>/", views_money.payment, name="year-payment"),
    path("year/rule/<str:organisation>/<str:scheme_id>/<int:version>/<str:item>/", views_money.rule, name="year-rule"),
]
