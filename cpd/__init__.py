"""How we learn: plans, activities, TeachHub, recognition. Built with issue F; the name is kept here."""
