#!lua
-- Takes or renews the lease to pair a queue.
-- KEYS: 1 leader
-- ARGV: 1 matchmaker  2 length (ms)
-- Returns 1 · 0 another one holds it
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
