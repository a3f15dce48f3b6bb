package dev.spandrel.cli;

import dev.spandrel.contract.v1.Agreement;
import dev.spandrel.contract.v1.ExplainRequest;
import dev.spandrel.contract.v1.ExplainedCgroup;
import dev.spandrel.contract.v1.ExplainedField;
import dev.spandrel.contract.v1.Explanation;
import dev.spandrel.contract.v1.HeldField;
import dev.spandrel.contract.v1.InspectionGrpc;
import dev.spandrel.contract.v1.ListNodesRequest;
import dev.spandrel.contract.v1.ListPoliciesRequest;
import dev.spandrel.contract.v1.Node;
import dev.spandrel.contract.v1.NodeList;
import dev.spandrel.contract.v1.PolicyList;
import dev.spandrel.contract.v1.SelectingPolicy;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Each command once, against an operator that has little to say: the JVM learns from it what a start needs. Run by {@code ./dev build}. */
final class Training extends InspectionGrpc.InspectionImplBase {
    private static final Node NODE = Node.newBuilder()
            .setName("node")
            .setConnectedSince("2026-01-01T00:00:00Z")
            .putLost("gap", 1)
            .build();

    private Training() {}

    public static void main(String... arguments) throws IOException {
        Server operator = OkHttpServerBuilder.forPort(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(new Training())
                .build()
                .start();
        String address = "127.0.0.1:" + operator.getPort();
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (String line : new String[] {
            "--help",
            "explain --help",
            "explain pod/web -n shop",
            "status -n shop",
            "status -A",
            "nodes",
            "nodes -o json",
            "nodes -o yaml"
        }) {
            Main.run(nowhere, nowhere, (line + (line.endsWith("help") ? "" : " --operator " + address)).split(" "));
        }
        operator.shutdownNow();
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<Explanation> answer) {
        answer.onNext(Explanation.newBuilder()
                .setNode(NODE)
                .setAgreement(Agreement.AGREEMENT_AGREES)
                .addPolicies(SelectingPolicy.newBuilder().setPolicy("shop/web"))
                .addFields(ExplainedField.newBuilder().setPath("enabled").setPolicy("shop/web"))
                .addCgroups(ExplainedCgroup.newBuilder()
                        .addFields(HeldField.newBuilder().setPath("enabled")))
                .build());
        answer.onCompleted();
    }

    @Override
    public void listPolicies(ListPoliciesRequest request, StreamObserver<PolicyList> answer) {
        answer.onNext(PolicyList.newBuilder()
                .addPolicies(dev.spandrel.contract.v1.PolicyState.newBuilder().setName("web"))
                .build());
        answer.onCompleted();
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<NodeList> answer) {
        answer.onNext(NodeList.newBuilder().addNodes(NODE).build());
        answer.onCompleted();
    }
}
