"""The address of the demonstration's sign-ins."""

from __future__ import annotations

from django.urls import path

from remit.service.demonstration.views import sign_ins

urlpatterns = [path("demonstration/", sign_ins, name="demonstration")]
