"""The files of individual therapy and counselling, with their appointments and what they cost."""
