"""placeholder until the helper writes the pages"""
from django.http import HttpResponse


def standards(request):
    return HttpResponse()


matrix = standards


def standard(request, pk):
    return HttpResponse()


requirement = standard
