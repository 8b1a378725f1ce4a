"""An invented Bank Al-Maghrib: its figures, its pages, its API and what goes wrong at them."""
