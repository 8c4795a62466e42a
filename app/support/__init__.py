"""Requests for support, referrals, and the files of individual therapy and counselling."""
