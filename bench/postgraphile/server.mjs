// PostGraphile over the bench's database, as its documentation has it for production: node server.mjs DATABASE_URL PORT
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

const [connectionString, port] = process.argv.slice(2);
const instance = postgraphile({
  // Filters between two values are a plugin's.
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ connectionString, schemas: ["public"], poolConfig: { max: 16 } })],
  grafserv: { graphiql: false, watch: false, maxRequestLength: 1_000_000 },
  grafast: { explain: false },
});
const server = createServer();
server.on("error", (error) => {
  throw error;
});
await instance.createServ(grafserv).addTo(server);
server.listen(Number(port), "127.0.0.1");
