// PostGraphile on the database of the bench, with the production settings of its documentation: node server.mjs DATABASE_URL PORT
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PgAggregatesPreset } from "@graphile/pg-aggregates";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

const [connectionString, port] = process.argv.slice(2);
const instance = postgraphile({
  // Range filters and totals need plugins.
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset, PgAggregatesPreset],
  // Totals by day are by the day of the session's time zone.
  pgServices: [makePgService({ connectionString, schemas: ["public"], poolConfig: { max: 16, options: "-c TimeZone=Europe/Amsterdam" } })],
  grafserv: { graphiql: false, watch: false, maxRequestLength: 1_000_000 },
  grafast: { explain: false },
});
const server = createServer();
server.on("error", (error) => {
  throw error;
});
await instance.createServ(grafserv).addTo(server);
server.listen(Number(port), "127.0.0.1");
