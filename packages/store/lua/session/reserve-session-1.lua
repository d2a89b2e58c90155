#!lua flags=allow-oom
-- Reserves a session for a room, if it still waits with the very ticket that was paired, which it gives up thereby: so
-- it is in at most one pair, however many assignments name it. A session that is not connected is reserved too, so that
-- undoing a reservation is the same for all and can't be overtaken by a late repetition. Repeatable.
-- KEYS: 1 session
-- ARGV: 1 room  2 ticket  3 request (what is needed to queue it again, JSON)
-- Returns 1 reserved · 0 reserved, but not connected now
-- Errors: -1 unknown: the session is gone, or no longer waits with that ticket
local session = unpack(KEYS)
local room, ticket, request = unpack(ARGV)
local state, current, reserved, seat =
  unpack(redis.call('HMGET', session, 'state', 'ticket', RESERVATION .. room, SEAT .. room))
if not state or state == 'ending' then return -1 end
if seat then return 1 end
if not reserved then
  if current ~= ticket then return -1 end
  redis.call('HDEL', session, 'ticket')
  redis.call('HSET', session, RESERVATION .. room, request)
end
return state == 'live' and 1 or 0
