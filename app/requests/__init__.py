"""Who waits for support: requests, the attempts to reach them, and referrals."""
