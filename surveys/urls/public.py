"""Open to everybody: /public/surveys/, /public/loop/, /public/petitions/."""

from . import loop, petitions, releases

surveys_patterns = releases.public_urlpatterns
loop_patterns = loop.public_urlpatterns
petition_patterns = petitions.public_urlpatterns
