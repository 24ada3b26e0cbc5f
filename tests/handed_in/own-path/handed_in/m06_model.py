data = open('/home/student/crops.csv').read()
lines = data.split()
# <m06_model>
