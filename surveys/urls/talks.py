from ..views import talks

pages = talks.TalkPages()

urlpatterns: list = [*pages.urls()]
