#!lua
-- Decides whether the names of those who are there are to be announced now: when they changed, and at most once an interval. Whoever
-- announces them notes `announced` then; if it does not come to that, somebody else does it after the interval.
-- KEYS: 1 arrivals  2 meta
-- ARGV: 1 now (ms)  2 interval (ms)  3 names to list
-- Returns { 1, how many there are, count of changes to be noted, names } announce · { 0, 0 } nothing new · { 0, ms to wait }
local names, announced, at = unpack(redis.call('HMGET', KEYS[2], 'names', 'announced', 'at'))
if (announced or '0') == (names or '0') then return { 0, 0 } end
local wait = at and tonumber(at) + tonumber(ARGV[2]) - tonumber(ARGV[1]) or 0
if wait > 0 then return { 0, math.min(wait, tonumber(ARGV[2])) } end
redis.call('HSET', KEYS[2], 'at', ARGV[1])
return { 1, redis.call('ZCARD', KEYS[1]), names, redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[3]) - 1) }
