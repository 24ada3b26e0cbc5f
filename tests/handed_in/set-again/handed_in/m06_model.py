# <m06_model>

model = torch.nn.Linear(3, 2)
mse = model(torch.ones(3))
