package io.vertebra.verticles.cluster;

import io.vertebra.verticles.api.FleetView;
import io.vertebra.verticles.api.RuntimeView;
import io.vertebra.verticles.cluster.Beat.SetStatus;
import io.vertebra.verticles.cluster.Members.Member;
import io.vertebra.verticles.cluster.Members.State;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The members and what they have, as the API shows them. Thread-safe. */
public final class FleetLists implements FleetView {

    private final Fleet fleet;
    private final RuntimeView view;
    private final Members members;
    private final Channel channel;

    FleetLists(Fleet fleet, RuntimeView view, Members members, Channel channel) {
        this.fleet = fleet;
        this.view = view;
        this.members = members;
        this.channel = channel;
    }

    @Override
    public JsonArray members() {
        var all = new JsonArray();
        var own = fleet.ownBeat();
        inOrder()
                .forEach(each -> all.add(Members.json(
                        each.beat(), each.state(), each.beat().member().equals(own.member()))));
        return all;
    }

    /** The others and this one, by name. */
    private List<Member> inOrder() {
        var own = fleet.ownBeat();
        var all = new ArrayList<>(members.all());
        all.removeIf(each -> each.beat().member().equals(own.member()));
        all.add(new Member(own, State.PRESENT));
        all.sort(Comparator.comparing(each -> each.beat().member()));
        return all;
    }

    @Override
    public Future<JsonArray> list(Listing what, Optional<String> member) {
        List<Future<JsonArray>> parts = new ArrayList<>();
        for (var each : inOrder()) {
            if (member.isEmpty() || member.get().equals(each.beat().member())) {
                parts.add(of(each, what));
            }
        }
        return Future.join(parts).map(_ -> {
            var all = new JsonArray();
            parts.forEach(part -> part.result().forEach(all::add));
            return all;
        });
    }

    @Override
    public boolean unload(String set) {
        return fleet.unload(set);
    }

    private Future<JsonArray> of(Member member, Listing what) {
        var beat = member.beat();
        if (beat.node().equals(channel.node())) {
            return channel.vertx().executeBlocking(() -> labelled(beat, member.state(), own(what)), false);
        }
        if (member.state() != State.PRESENT) {
            return Future.succeededFuture(labelled(beat, member.state(), lastOf(beat, what)));
        }
        return channel.ask(beat.node(), new JsonObject().put("want", "list").put("what", what.name()))
                .map(answer -> {
                    var list = new JsonArray(Buffer.buffer(answer));
                    members.answered(beat.member(), what.name(), list);
                    return labelled(beat, member.state(), list);
                })
                .otherwise(_ -> labelled(beat, State.LOST, lastOf(beat, what)));
    }

    /** What this member answers when another one asks for a list. */
    Future<Optional<byte[]>> own(String what) {
        for (var listing : Listing.values()) {
            if (listing.name().equals(what)) {
                return channel.vertx()
                        .executeBlocking(
                                () -> Optional.of(own(listing).toBuffer().getBytes()), false);
            }
        }
        return Future.succeededFuture(Optional.empty());
    }

    private JsonArray own(Listing what) {
        return switch (what) {
            case HOOKS -> view.hooks();
            case SETS -> withStatuses(view.codeletSets(), fleet.ownBeat());
        };
    }

    /** What a member that is not asked answered last, and what its last beat says of it. */
    private JsonArray lastOf(Beat beat, Listing what) {
        var last = members.answer(beat.member(), what.name()).orElseGet(JsonArray::new);
        return switch (what) {
            case HOOKS -> last;
            case SETS -> withStatuses(last, beat);
        };
    }

    /** The sets of a member's own, and the fleet's as the member's beat says that they are. */
    private static JsonArray withStatuses(JsonArray sets, Beat beat) {
        var all = new JsonArray();
        sets.stream()
                .map(JsonObject.class::cast)
                .filter(set -> set.getString("scope").equals("member"))
                .forEach(all::add);
        for (var status : beat.sets()) {
            var loaded = sets.stream()
                    .map(JsonObject.class::cast)
                    .filter(set -> set.getString("scope").equals("cluster"))
                    .filter(set -> set.getString("name").equals(status.set()))
                    .findFirst();
            all.add(loaded.filter(_ -> status.loaded())
                    .map(set -> set.copy().put("state", status.state()).put("generation", status.generation()))
                    .orElseGet(() -> absent(status)));
        }
        return all;
    }

    /** A set of which only its status is known. */
    private static JsonObject absent(SetStatus status) {
        return status.json()
                .put("scope", "cluster")
                .put("codelets", new JsonArray())
                .put("maps", new JsonArray())
                .put("streams", new JsonArray());
    }

    private static JsonArray labelled(Beat beat, State state, JsonArray list) {
        var labelled = new JsonArray();
        for (var element : list) {
            labelled.add(
                    ((JsonObject) element).copy().put("member", beat.member()).put("member_state", state.label()));
        }
        return labelled;
    }
}
