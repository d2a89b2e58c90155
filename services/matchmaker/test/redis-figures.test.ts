import { RedisInfo } from "@switchyard/runtime";
import { expect, test } from "vitest";
import { redisFigures } from "../src/redis-figures.ts";

const info = new RedisInfo(`# Server\r
redis_version:7.2.4\r
valkey_version:8.0.1\r
# Memory\r
used_memory:2048\r
# Persistence\r
aof_last_write_status:err\r
rdb_last_bgsave_status:ok\r
# Stats\r
latest_fork_usec:1500\r
# Replication\r
role:master\r
connected_slaves:2\r
slave0:ip=10.0.0.2,port=6379,state=online,offset=900,lag=0\r
slave1:ip=10.0.0.3,port=6379,state=online,offset=400,lag=1\r
master_repl_offset:1000\r
# CPU\r
used_cpu_sys:1.5\r
used_cpu_user:2.25\r
# Commandstats\r
cmdstat_evalsha:calls=7,usec=2000,usec_per_call=285.7,rejected_calls=0,failed_calls=0\r
cmdstat_client|list:calls=1,usec=5,usec_per_call=5.00,rejected_calls=0,failed_calls=0\r
# Errorstats\r
errorstat_OOM:count=3\r
# Keyspace\r
db0:keys=12,expires=3,avg_ttl=0\r
`);

function read(name: string) {
  const figure = redisFigures.find((one) => one.name === name);
  return [...(figure?.read(info) ?? [])].map(({ value, labels }) => (labels ? { ...labels, value } : value));
}

test.each([
  ["info", [{ version: "8.0.1", role: "master", value: 1 }]],
  ["memory_used_bytes", [2048]],
  ["aof_write_ok", [0]],
  ["rdb_save_ok", [1]],
  ["fork_seconds", [0.0015]],
  ["replicas", [2]],
  ["replica_lag_bytes", [600]],
  ["cpu_seconds_total", [3.75]],
  ["keys", [12]],
  ["errors_total", [{ error: "OOM", value: 3 }]],
])("%s", (name, expected) => {
  expect(read(name)).toEqual(expected);
});

test("commands are told one by one, subcommands too", () => {
  expect(read("commands_total")).toEqual([
    { command: "evalsha", value: 7 },
    { command: "client|list", value: 1 },
  ]);
  expect(read("command_seconds_total")).toEqual([
    { command: "evalsha", value: expect.closeTo(0.002) },
    { command: "client|list", value: expect.closeTo(0.000005) },
  ]);
});

test("what a server doesn't say is not told", () => {
  for (const name of ["clients", "aof_rewrite_ok", "memory_max_bytes"]) expect(read(name)).toEqual([]);
});
