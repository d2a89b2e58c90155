#!lua
-- Appends an event from a peer to a session's outbox, if the session is in that room. This is the message path. An
-- overtaken epoch of the sender is refused here, at the receiver: what a stalled node still holds can't arrive after
-- what the sender has sent since.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 sender (session)  3 epoch (the sender's)  4 packet  5 keep (events)  6 trace ('-' none)
-- Returns the event's number
-- Errors: -1 unknown · -2 fenced · -3 absent: the session is not in that room
local session, outbox = unpack(KEYS)
local room, sender, epoch, packet, keep, trace = unpack(ARGV)
local fence = FENCE .. sender
local state, seat, newest = unpack(redis.call('HMGET', session, 'state', SEAT .. room, fence))
if not state or state == 'ending' then return -1 end
if not seat then return -3 end
if not passesFence(session, fence, epoch, newest) then return -2 end
return append(session, outbox, state, packet, keep, trace)
