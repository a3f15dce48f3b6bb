// The price service: answers every request with the path it was asked for.
const http = require("http");

const server = http.createServer((request, response) => response.end(request.url + "\n"));
server.listen(8080);
process.on("SIGTERM", () => server.close(() => process.exit(0)));
