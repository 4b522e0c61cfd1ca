from django.urls import path

from ..views import campaign_coverage, campaign_roster, campaigns

pages = campaigns.CampaignPages()

urlpatterns: list = [
    path("coverage/", campaign_coverage.Coverage.as_view(), name="coverage"),
    path("campaigns/<int:pk>/status/", campaigns.CampaignStatus.as_view(), name="campaign-status"),
    path("campaigns/<int:pk>/link/<slug:kind>/", campaigns.LinkPicture.as_view(), name="campaign-link"),
    path("campaigns/<int:pk>/roster/", campaign_roster.Roster.as_view(), name="campaign-roster"),
    path("campaigns/<int:pk>/roster/table/", campaign_roster.RosterTable.as_view(), name="campaign-table"),
    path("campaigns/<int:pk>/roster/template/", campaign_roster.RosterTemplate.as_view(), name="campaign-template"),
    path("campaigns/<int:pk>/courses/", campaign_roster.Courses.as_view(), name="campaign-courses"),
    *pages.urls(),
]
