#!lua
-- Tells a session of a change in its room: each change once, and never with a list that is older than one it has had. Who is about to
-- be seated there is not told, but marked: it needs a list that is as new.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 user that the change is about ('' only the list)  3 revision of the change  4 revision of the list
--       5 packet  6 events to keep  7 revision since which that user has been there  8 trace ('-' none)
-- Returns the number · 0 it knows already, will know, or never knew of that user · -1 no such session · -3 not in that room · -8 outdated
local room, about = ARGV[1], 'm:' .. ARGV[1] .. '\n' .. ARGV[2]
local state, seat, aimed, first, had, told = unpack(
  redis.call('HMGET', KEYS[1], 'state', 'r:' .. room, 'a:' .. room, 'w:' .. room, 'v:' .. room, about))
if not state or state == 'ending' then return -1 end
local change, list = tonumber(ARGV[3]), tonumber(ARGV[4])
if not seat and not aimed then return -3 end
local known = tonumber(told or (ARGV[2] ~= '' and first) or 0)
local isNews = seat and known < change
local isTold = isNews and (tonumber(ARGV[7]) == change or known >= tonumber(ARGV[7]))
if isNews and not isTold then redis.call('HSET', KEYS[1], about, ARGV[3]) end
if not isTold then
  if tonumber(had or 0) < list then redis.call('HSET', KEYS[1], 'v:' .. room, ARGV[4]) end -- no older list will do any more
  return 0
end
if tonumber(had or 0) > list then return -8 end
redis.call('HSET', KEYS[1], about, ARGV[3], 'v:' .. room, ARGV[4])
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[6] or ARGV[6], '0-' .. number, ARGV[8], ARGV[5])
redis.call('SPUBLISH', KEYS[2], number .. '\n{"trace":"' .. ARGV[8] .. '"}\n' .. ARGV[5])
return number
