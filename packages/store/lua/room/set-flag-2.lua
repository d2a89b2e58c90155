#!lua
-- Sets one of a member's flags.
-- KEYS: 1 meta  2 peers
-- ARGV: 1 session  2 which flag, from 1  3 '0' or '1'
-- Returns { room's revision, peers } · 0 it was so already · -3 it isn't in that room
local entry = redis.call('HGET', KEYS[2], ARGV[1])
if not entry then return -3 end
local head, flags, rest = string.match(entry, '^(%d+ %d+ %d+ %d+ )(%S*)(.*)$')
local at = tonumber(ARGV[2])
if string.sub(flags, at, at) == ARGV[3] then return 0 end
flags = string.sub(flags, 1, at - 1) .. ARGV[3] .. string.sub(flags, at + 1)
redis.call('HSET', KEYS[2], ARGV[1], head .. flags .. rest)
redis.call('HINCRBY', KEYS[1], 'revision', 1)
return { redis.call('HGET', KEYS[1], 'revision'), redis.call('HGETALL', KEYS[2]) }
