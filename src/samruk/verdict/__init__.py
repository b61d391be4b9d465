"""From flights as flown to an answer: outcome, causes and fixes by counterfactual, and the pictures that show them."""
