"""Routes: who serves which stop, in which order and when; every plan is checked, every omission explained."""
