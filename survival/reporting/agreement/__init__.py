"""How far readers agree with each other, and images with reports, on the patients of the cohort."""
