"""Programmes, disciplines, courses; the academic year and its terms: the axis of time of the university."""
