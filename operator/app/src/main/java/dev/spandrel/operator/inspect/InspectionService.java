package dev.spandrel.operator.inspect;

import dev.spandrel.contract.v1.ExplainRequest;
import dev.spandrel.contract.v1.Explanation;
import dev.spandrel.contract.v1.InspectionGrpc;
import dev.spandrel.contract.v1.ListNodesRequest;
import dev.spandrel.contract.v1.ListPoliciesRequest;
import dev.spandrel.contract.v1.NodeList;
import dev.spandrel.contract.v1.PolicyList;
import dev.spandrel.operator.cluster.PodLookup;
import dev.spandrel.operator.desired.Snapshot;
import dev.spandrel.operator.push.Answer;
import dev.spandrel.operator.push.Nodes;
import dev.spandrel.policy.Explainer;
import dev.spandrel.policy.Inventory;
import dev.spandrel.policy.Scope;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Answers what people ask. */
public final class InspectionService implements InspectionGrpc.AsyncService, BindableService {
    private final Supplier<Snapshot> snapshot;
    private final BiFunction<String, String, PodLookup> pods;
    private final Nodes nodes;
    private final Access access;
    private final Scope scope;
    private final InstantSource clock;

    /** @param pods by Kubernetes namespace and name */
    public InspectionService(
            Supplier<Snapshot> snapshot,
            BiFunction<String, String, PodLookup> pods,
            Nodes nodes,
            Access access,
            Scope scope,
            InstantSource clock) {
        this.snapshot = snapshot;
        this.pods = pods;
        this.nodes = nodes;
        this.access = access;
        this.scope = scope;
        this.clock = clock;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerInterceptors.intercept(InspectionGrpc.bindService(this), new Bearer());
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<Explanation> answer) {
        if (!may(Access.Right.policies("get", request.getNamespace()), answer)) {
            return;
        }
        switch (pods.apply(request.getNamespace(), request.getPod())) {
            case PodLookup.OnANode(String uid, Inventory.Entry entry) -> {
                boolean probes = access.deny(Bearer.current(), Access.Right.probes("get", request.getNamespace()))
                        .isEmpty();
                nodes.readBack(entry.node(), uid)
                        .thenApply(held -> explanation(request, entry, uid, held, probes))
                        .whenComplete((explanation, failure) -> {
                            if (failure == null) {
                                complete(answer, explanation);
                            } else {
                                answer.onError(
                                        Status.INTERNAL.withCause(failure).asRuntimeException());
                            }
                        });
            }
            case PodLookup.NotOnANode() ->
                answer.onError(Status.FAILED_PRECONDITION
                        .withDescription(
                                "pod %s of namespace %s is on no node: it is not scheduled yet, or has finished"
                                        .formatted(request.getPod(), request.getNamespace()))
                        .asRuntimeException());
            case PodLookup.Unknown(var others) ->
                answer.onError(Status.NOT_FOUND
                        .withDescription("namespace %s has no pod %s%s"
                                .formatted(
                                        request.getNamespace(),
                                        request.getPod(),
                                        Suggestion.of(request.getPod(), others)))
                        .asRuntimeException());
        }
    }

    private Explanation explanation(
            ExplainRequest request, Inventory.Entry entry, String uid, Answer held, boolean probes) {
        Snapshot compiled = snapshot.get();
        Instant now = clock.instant();
        var explained = Explainer.explain(compiled.policies(), entry, scope, now);
        Explanation.Builder explanation = Explanation.newBuilder()
                .setNamespace(request.getNamespace())
                .setPod(request.getPod())
                .setUid(uid);
        Fields.describe(explained, compiled.origins(), explanation);
        nodes.view(entry.node())
                .ifPresentOrElse(
                        view -> explanation.setNode(NodeMessage.of(view, now)),
                        () -> explanation.getNodeBuilder().setName(entry.node()));
        Agreements.judge(
                explained.config(), nodes.progress(entry.node()).rejected().get(entry.id()), held, explanation);
        if (probes) {
            explanation.addAllProbeSets(ProbeMessages.seeing(compiled, entry.node(), entry.id()));
        }
        return explanation.build();
    }

    @Override
    public void listPolicies(ListPoliciesRequest request, StreamObserver<PolicyList> answer) {
        if (may(Access.Right.policies("list", request.getNamespace()), answer)) {
            PolicyList.Builder list =
                    PolicyMessages.list(snapshot.get(), request.getNamespace(), nodes::progress).toBuilder();
            if (access.deny(Bearer.current(), Access.Right.probes("list", request.getNamespace()))
                    .isEmpty()) {
                ProbeMessages.list(snapshot.get(), request.getNamespace(), nodes::progress, list);
            }
            complete(answer, list.build());
        }
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<NodeList> answer) {
        if (may(Access.Right.NODES, answer)) {
            complete(answer, NodeMessage.list(snapshot.get().compilation(), nodes.views(), clock.instant()));
        }
    }

    /** Not before the first compilation: everything would look as if it were not there. */
    private boolean may(Access.Right right, StreamObserver<?> answer) {
        Optional<Status> denial = access.deny(Bearer.current(), right)
                .map(InspectionService::status)
                .or(() -> snapshot.get() == Snapshot.NONE
                        ? Optional.of(
                                Status.UNAVAILABLE.withDescription("this operator is starting; ask again in a moment"))
                        : Optional.empty());
        denial.ifPresent(status -> answer.onError(status.asRuntimeException()));
        return denial.isEmpty();
    }

    private static Status status(Access.Denial denial) {
        Status status = switch (denial) {
            case Access.Denial.Unknown _ -> Status.UNAUTHENTICATED;
            case Access.Denial.Forbidden _ -> Status.PERMISSION_DENIED;
            case Access.Denial.Unchecked _ -> Status.UNAVAILABLE;
        };
        return status.withDescription(denial.message());
    }

    private static <T> void complete(StreamObserver<T> answer, T value) {
        answer.onNext(value);
        answer.onCompleted();
    }
}
