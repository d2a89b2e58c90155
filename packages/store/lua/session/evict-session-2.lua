#!lua flags=allow-oom
-- Takes the user away from a session because a newer session of that user took over; the connection stays. The session
-- is out of its rooms at once (they become departures, for the evicting process to leave), and in the next epoch, so
-- that what its node still sends for it is refused. Repeatable until the rooms are left.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 packet  2 keep (events, bytes)  3 user  4 trace ('-' none)
-- Returns { how often it requested a ticket, event's number or 0, room to be left … }
-- Errors: -1 unknown
local session, outbox = unpack(KEYS)
local packet, keep, user, trace = unpack(ARGV)
local state, current, asks = unpack(redis.call('HMGET', session, 'state', 'user', 'asks'))
if not state or state == 'ending' then return -1 end
local fields, isTaken = redis.call('HGETALL', session), current == user
for i = 1, #fields, 2 do -- about to stand for another user, it may still be in a room as this one
  if string.sub(fields[i], 1, 2) == SEAT and cjson.decode(fields[i + 1]).user == user then isTaken = true end
end
local answer = { tonumber(asks), 0 }
for i = 1, #fields, 2 do
  local prefix, room = string.match(fields[i], '^(%l:)(.*)$')
  local isHeld = prefix == SEAT or prefix == RESERVATION or prefix == PENDING_ENTRY
  if isTaken and isHeld then
    local entry = (prefix == SEAT and ENTRY or PENDING_ENTRY) .. room
    local attempt = prefix ~= RESERVATION and redis.call('HGET', session, entry)
    redis.call('HDEL', session, fields[i])
    redis.call('HSET', session, DEPARTURE .. room, attempt or '')
  end
  if prefix == DEPARTURE or (isTaken and isHeld) then answer[#answer + 1] = room end
end
if not isTaken then return answer end
local epoch = redis.call('HINCRBY', session, 'epoch', 1)
redis.call('HDEL', session, 'ticket', 'opening', 'user', 'feed', 'lastPair')
answer[2] = append(session, outbox, packet, keep, trace, '"evicted":' .. epoch .. ',')
return answer
