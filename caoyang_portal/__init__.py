"""The portal (曹杨门户): wiring above the apps, shared ground below them."""
