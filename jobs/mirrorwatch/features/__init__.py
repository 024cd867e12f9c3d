"""Pure features: who belongs together, legs, account activity."""
