#!lua
-- Decides whether the number of people in a dialect is to be announced now: when it changed, and at most once an interval.
-- KEYS: 1 sessions  2 meta
-- ARGV: 1 now (ms)  2 interval (ms)
-- Returns { 1, count } announce · { 0, 0 } nothing new · { 0, ms to wait }
local count = redis.call('HLEN', KEYS[1])
local announced, at = unpack(redis.call('HMGET', KEYS[2], 'announced', 'at'))
if announced and tonumber(announced) == count then return { 0, 0 } end
local wait = at and tonumber(at) + tonumber(ARGV[2]) - tonumber(ARGV[1]) or 0
if wait > 0 then return { 0, math.min(wait, tonumber(ARGV[2])) } end
redis.call('HSET', KEYS[2], 'announced', count, 'at', ARGV[1])
return { 1, count }
