"""For uvicorn: uvicorn asgi:application"""
from answers import answer, say


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    status, headers, pieces = answer(scope["path"])
    say(scope["method"], scope["path"], status)
    await send({"type": "http.response.start", "status": status, "headers": [(n.lower().encode(), v.encode()) for n, v in headers.items()]})
    for piece in [] if scope["method"] == "HEAD" else pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body"})
