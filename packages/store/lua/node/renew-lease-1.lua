#!lua
-- A node's sign of life.
-- KEYS: 1 leases
-- ARGV: 1 node  2 now (ms)  3 length (ms)
-- Returns 1 · 0 its lease had run out, so others may have given its sessions up
local until_ = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], tonumber(ARGV[2]) + tonumber(ARGV[3]), ARGV[1])
return (until_ and tonumber(until_) > tonumber(ARGV[2])) and 1 or 0
