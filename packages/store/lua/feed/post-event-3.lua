#!lua
-- Adds an event to what concerns everyone in a dialect, in the one order, and tells every node.
-- KEYS: 1 feed (stream and channel)  2 meta  3 sessions of the dialect
-- ARGV: 1 event (JSON)  2 session that is not to hear it ('' none)  3 now (ms)  4 entries to keep  5 keep those since (ms; '' all)
--       6 session that says it  7 its epoch
-- Returns the entry's id · -2 fenced: it has said something in a later epoch, or is not there any more
local heard = redis.call('HGET', KEYS[3], ARGV[6])
if not heard or tonumber(ARGV[7]) < (tonumber(heard) or 0) then return -2 end
if tonumber(ARGV[7]) > 1 then redis.call('HSET', KEYS[3], ARGV[6], ARGV[7]) end
local fed = redis.call('HINCRBY', KEYS[2], 'fed', 1)
local at = math.max(tonumber(ARGV[3]), tonumber(redis.call('HGET', KEYS[2], 'fedAt') or 0))
local id = string.format('%.0f-%.0f', at, fed)
redis.call('HSET', KEYS[2], 'fedAt', string.format('%.0f', at), 'last', id)
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], id, 'e', ARGV[1], 'x', ARGV[2])
if ARGV[5] ~= '' then redis.call('XTRIM', KEYS[1], 'MINID', ARGV[5]) end
redis.call('SPUBLISH', KEYS[1], id .. '\n' .. ARGV[2] .. '\n' .. ARGV[1])
return id
