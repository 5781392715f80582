"""How people sign in (登录): wiring between django-allauth, the accounts and the notices.

adapter         what allauth asks us: the phone of an account, the SMS, the words of a refusal
forms           the sign-in forms in plain words
views           allauth's views with our limits, and the demo's one-click sign-in
middleware      how long a sign-in lasts; an office holder without a second factor reaches nothing
                but its enrolment
passwords       what a password may be
"""
