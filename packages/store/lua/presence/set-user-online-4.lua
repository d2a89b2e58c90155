#!lua
-- Makes a user online by a session. The event goes to everyone in the dialect if the user was offline, was online by
-- another session, or has another profile; never to that session itself, and not to the one that it replaces.
-- KEYS: 1 people  2 arrivals  3 feed  4 meta
-- ARGV: 1 session  2 user  3 claim (its number)  4 profile (JSON)  5 event (JSON)  6 now (ms)
--       7 keep (entries of the feed, bytes)  8 listed (people to return at most)
--       9 lease (end of that of the session's node, ms; '' none)
-- Returns { 1 if the event was appended else 0, id of the feed's last entry, number online, profile … latest first }
-- Errors: -2 fenced: a session with a later claim is online · -10 leaseOver
local people, arrivals, feed, meta = unpack(KEYS)
local session, user, claim, profile, event, now, keep, listed, lease = unpack(ARGV)
if isOver(lease) then return -10 end
local holder, newest, shown = string.match(redis.call('HGET', people, user) or '', '^(%S+) (%d+) (.*)$')
if holder and tonumber(newest) > tonumber(claim) then return -2 end
redis.call('HSET', people, user, session .. ' ' .. claim .. ' ' .. profile)
local isNews = holder ~= session or shown ~= profile
if isNews then
  redis.call('ZADD', arrivals, redis.call('HINCRBY', meta, 'arrivals', 1), user)
  local except = (holder and holder ~= session) and session .. ' ' .. holder or session
  appendToFeed(feed, meta, event, except, now, keep)
end
local answer = { isNews and 1 or 0, redis.call('HGET', meta, 'last') or '0-0', redis.call('HLEN', people) }
return addPeople(answer, people, arrivals, listed)
