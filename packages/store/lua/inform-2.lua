#!lua
-- Tells a session of a change in its room: each change once, and never with a list that is older than one it has had.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 session that the change is about ('' the list only)  3 revision of the change  4 revision of the list
--       5 packet  6 events to keep
-- Returns the number · 0 it knows already · -1 no such session · -3 not in that room · -8 the list is out of date
local about = 'm:' .. ARGV[1] .. ' ' .. ARGV[2]
local state, seat, entry, had, told = unpack(
  redis.call('HMGET', KEYS[1], 'state', 'r:' .. ARGV[1], 'w:' .. ARGV[1], 'v:' .. ARGV[1], about))
if not state or state == 'ending' then return -1 end
if not seat then return -3 end
if ARGV[2] ~= '' and tonumber(told or entry) >= tonumber(ARGV[3]) then return 0 end
if tonumber(had or entry) > tonumber(ARGV[4]) then return -8 end
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], about, ARGV[3]) end
redis.call('HSET', KEYS[1], 'v:' .. ARGV[1], ARGV[4])
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[6], '0-' .. number, 'p', ARGV[5])
redis.call('SPUBLISH', KEYS[2], number .. '\n\n' .. ARGV[5])
return number
