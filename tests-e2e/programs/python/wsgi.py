"""For gunicorn: gunicorn wsgi:application"""
from http import HTTPStatus

from answers import answer, say


def application(environ, start_response):
    while environ["wsgi.input"].read(65536):
        pass
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    status, headers, pieces = answer(path)
    say(method, path, status)
    start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
    return [] if method == "HEAD" else pieces
