"""The addresses for signing in, for one's own account and for people."""

from __future__ import annotations

from django.urls import path

from remit.service.people import views_account as account
from remit.service.people import views_people as people
from remit.service.people import views_sign_in as signing_in
from remit.service.people.views_invitation import invitation

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/code/", signing_in.code, name="mfa_authenticate"),
    path("sign-out/", signing_in.sign_out, name="account_logout"),
    path("password/reset/", signing_in.reset, name="reset"),
    path("password/reset/sent/", signing_in.reset_sent, name="reset-sent"),
    path("password/reset/<str:uid>/<str:token>/", signing_in.reset_new, name="reset-new"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("account/", account.account, name="account"),
    path("account/name/", account.name, name="account-name"),
    path("account/email/", account.email, name="account-email"),
    path("account/email/<str:token>/", account.email_new, name="account-email-new"),
    path("account/password/", account.password, name="account-password"),
    path("account/sessions/<int:number>/end/", account.end_session, name="end-session"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("second-factor/", account.second_factor_page, name="second-factor"),
    path("second-factor/recovery-codes/", account.recovery_codes, name="recovery-codes"),
    path("second-factor/switch-off/", account.switch_off, name="second-factor-off"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invited/", people.invited, name="invited"),
    path("people/invitations/<int:number>/take-back/", people.revoke, name="revoke-invitation"),
    path("roles/", people.roles, name="roles"),
    path("people/<int:number>/", people.person, name="person"),
    path("people/<int:number>/give-role/", people.give_role, name="give-role"),
    path("people/<int:number>/roles/<int:role>/end/", people.end_role, name="end-role"),
    path("people/<int:number>/reset-second-factor/", people.reset_second_factor, name="reset-second-factor"),
    path("people/<int:number>/switch/", people.switch, name="switch-person"),
]
